-- Chance without chance: r(i, salt) is the same number in [0, 1) wherever and however often it is asked.
CREATE FUNCTION pg_temp.r(i bigint, salt int) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT (hashint8extended(i, salt) & 9007199254740991) / 9007199254740992.0 $$;
-- One of several, evenly; and one of several, the first ones far more often (as words and customers are in life).
CREATE FUNCTION pg_temp.any_of(list text[], i bigint, salt int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT list[1 + floor(cardinality(list) * pg_temp.r(i, salt))::int] $$;
CREATE FUNCTION pg_temp.often(list text[], i bigint, salt int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT list[1 + floor(cardinality(list) * power(pg_temp.r(i, salt), 2.2))::int] $$;
-- Text as the services fold it for the search: half-width signs, small letters.
CREATE FUNCTION pg_temp.folded(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT lower(translate(words, '，！？：；（）', ',!?:;()')) $$;

CREATE TEMP TABLE agents AS
  SELECT row_number() OVER (ORDER BY u.id) - 1 AS n, u.id AS user_id, e.name
  FROM organization_user u JOIN organization_employee e ON e.id = u.employee_id
  JOIN organization_assignment a ON a.employee_id = e.id JOIN organization_role r ON r.id = a.role_id
  WHERE r.code = 'agent';
CREATE TEMP TABLE answering AS
  SELECT d.id AS department_id, d.kind, d.names, min(u.id) AS user_id, min(u.email) AS email,
         row_number() OVER (PARTITION BY d.kind ORDER BY d.id) - 1 AS n
  FROM organization_department d
  LEFT JOIN organization_assignment a ON a.department_id = d.id
  LEFT JOIN organization_user u ON u.employee_id = a.employee_id
  WHERE d.closed_on IS NULL GROUP BY d.id;
CREATE TEMP TABLE branches AS
  SELECT row_number() OVER (ORDER BY department_id) - 1 AS n, department_id, names, user_id, email
  FROM answering WHERE kind = 'branch';
CREATE TEMP TABLE kinds AS
  SELECT row_number() OVER (ORDER BY c.ordinal, c.id) - 1 AS n, c.id, c.code, c.names, a.department_id, a.names AS department,
         a.user_id, a.email
  FROM complaints_category c
  LEFT JOIN complaints_routing r ON r.category_id = c.id AND r.subcase_id IS NULL AND r.valid_until IS NULL
  LEFT JOIN answering a ON a.kind = r.department_kind AND a.n = 0
  WHERE c.closed_on IS NULL;
CREATE TEMP TABLE clock_policies AS
  SELECT key AS kind, max(id) AS id FROM servicecenter_policy WHERE code = 'deadlines.clock' GROUP BY key;

CREATE TEMP TABLE words (opening text[], goods text[], place text[], problem text[], detail text[], ending text[],
                         stuff text[], thing text[], surname text[], surname_key text[], given text[], stem text[],
                         stem_key text[], trade text[]);
INSERT INTO words VALUES (
  ARRAY['客户来电反映，', '客户说，', '收货人投诉，', '发货人来电，', '客户第二次来电，', '客户在网上留言，',
        '客户非常着急，', '店主来电，', '客户发来照片，', '工厂采购来电，', '客户要求书面答复，', '老客户来电，'],
  ARRAY['五金配件', '家具', '布料', '食品', '机电配件', '建材', '服装', '灯具', '茶叶', '图书', '轮胎', '纸箱', '玻璃',
        '电缆', '水泵', '瓷砖', '药品', '化肥', '童车', '电视机', '洗衣机', '酒水', '种子', '油漆', '窗帘', '办公桌',
        '样品', '模具', '轴承', '展架', '钢琴', '标本', '琴弦', '碑石'],
  ARRAY['城东', '城西', '北坡', '萧南', '江滨', '余杭', '柯桥', '织里', '下沙', '临平', '富阳', '桐庐', '建德', '海宁',
        '嘉善', '南浔', '德清', '长兴', '安吉', '诸暨'],
  ARRAY['说好上午送到，等到晚上也没人联系', '货到网点两天了不送', '外箱破损，里面坏了两件', '送货师傅态度恶劣，说话很难听',
        '电话打了很多次都没有人接', '单子上十五件，只收到十四件', '代收货款四天了还没有到账', '三天没有物流更新，问哪个点都说不知道',
        '运费比报价多收了一百八', '承诺次日达，第三天才送到', '货发到别的城市去了', '签收人我们不认识',
        '标签与配送单编号不符', '打开整托是歪的，最下面全碎了', '让我自己去提，可我买的是送货上门',
        '外包装被拆过，少了配件', '货物受潮发霉', '发票抬头开错两次', '没办提货手续就让人开箱看货',
        '货款少打了一笔', '叉车撞坏了一角', '上楼费收了两次', '保价单没有给', '司机酒后送货'],
  ARRAY['店里等着开业用', '产线停工待料', '客户已经退单', '当场拍了照片', '签收时已注明', '查询只说在途', '答应的事没有人办',
        '每次都说快了', '孩子生日赶不上了', '已经影响下一批发货', '展会明天开始', '客服也说不清'],
  ARRAY['要求今天送到。', '要求赔偿。', '要求道歉并给书面说明。', '要求退差额。', '要求给准确时间。', '要求查货。',
        '要求换人处理。', '要求补件。', '要求按声明价值赔付。', '要求尽快回电话。'],
  ARRAY['琥珀', '青瓷', '紫檀', '珐琅', '竹编', '锡制', '云石', '黄铜', '漆器', '骨瓷', '檀木', '玛瑙', '绢本', '藤编',
        '陶土', '水晶', '银质', '牛角', '丝绒', '榉木'],
  ARRAY['花瓶', '茶盘', '屏风', '摆件', '烛台', '砚台', '棋盘', '酒樽', '画框', '首饰盒', '灯座', '香炉', '笔筒', '果盘', '钟座'],
  ARRAY['王', '李', '张', '刘', '陈', '杨', '赵', '黄', '周', '吴', '徐', '孙', '胡', '朱', '高', '林', '何', '郭', '马', '罗'],
  ARRAY['wang', 'li', 'zhang', 'liu', 'chen', 'yang', 'zhao', 'huang', 'zhou', 'wu', 'xu', 'sun', 'hu', 'zhu', 'gao', 'lin',
        'he', 'guo', 'ma', 'luo'],
  ARRAY['伟', '芳', '娜', '敏', '静', '丽', '强', '磊', '军', '洋', '勇', '艳', '杰', '娟', '涛', '明', '超', '秀兰', '霞', '平',
        '建国', '海涛', '月芳', '志远', '晓燕', '文斌', '小芸', '国强', '建平', '阿发'],
  ARRAY['永盛', '金诚', '宏达', '天合', '博远', '华新', '正大', '联丰', '嘉禾', '万顺', '顺昌', '德润', '中泰', '百川', '凯越',
        '安邦', '鑫源', '吉祥', '同创', '远景'],
  ARRAY['yong sheng', 'jin cheng', 'hong da', 'tian he', 'bo yuan', 'hua xin', 'zheng da', 'lian feng', 'jia he', 'wan shun',
        'shun chang', 'de run', 'zhong tai', 'bai chuan', 'kai yue', 'an bang', 'xin yuan', 'ji xiang', 'tong chuang',
        'yuan jing'],
  ARRAY['五金', '食品', '建材', '机电', '家具', '纺织', '服饰', '电子', '化工', '包装']);
